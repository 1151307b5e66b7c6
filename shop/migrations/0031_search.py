"""Search: its tables, the function that makes one word's query, and revisions that grow with names used in documents."""

from importlib import import_module

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


# A stop word says nothing, unless it may be the beginning of another word.
WORD = """
CREATE FUNCTION shop_search_word(config regconfig, word text, prefix boolean) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN NOT prefix AND numnode(plainto_tsquery(config, word)) = 0 THEN ''::tsquery
        ELSE plainto_tsquery(config, word) || (quote_literal(word) || CASE WHEN prefix THEN ':*' ELSE '' END)::tsquery
    END
$$
"""
# The names of museums, themes and options stand in the documents of products (and on their cards).
NAMED = {
    "shop_museumtext": "SELECT p.id FROM changed JOIN shop_product p ON p.museum_id = changed.museum_id",
    "shop_themetext": "SELECT l.product_id FROM changed JOIN shop_themeproduct l ON l.theme_id = changed.theme_id",
    "shop_theme": "SELECT l.product_id FROM changed JOIN shop_themeproduct l ON l.theme_id = changed.id",
    "shop_attributeoption": "SELECT l.product_id FROM changed JOIN shop_attributevalue l ON l.option_id = changed.id",
}
touching = import_module("shop.migrations.0030_catalogue_revision").touching


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0030_catalogue_revision'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchMiss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('market', models.CharField(max_length=8)),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'Français'), ('zh-hans', '简体中文'), ('ja', '日本語')], max_length=10)),
                ('words', models.CharField(max_length=80)),
                ('count', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'search without result',
                'verbose_name_plural': 'searches without result',
                'ordering': ['-day', '-count', 'words'],
                'constraints': [models.UniqueConstraint(fields=('day', 'market', 'language', 'words'), name='searchmiss_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('word', models.CharField(max_length=80)),
                ('shown', models.CharField(max_length=80)),
                ('of_product', models.BooleanField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='searchword_trgm', opclasses=['gin_trgm_ops'])],
                'constraints': [models.UniqueConstraint(fields=('word', 'language', 'of_product'), name='searchword_once')],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('words', 'Words'), ('artist', 'Names of an artist')], default='words', max_length=8)),
                ('terms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), help_text='Separated by commas; each finds all.', size=None)),
                ('folded', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), default=list, editable=False, size=None)),
            ],
            options={
                'ordering': ['kind', 'terms'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['folded'], name='synonym_folded')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('revision', models.BigIntegerField()),
                ('title', models.TextField()),
                ('tsv', django.contrib.postgres.search.SearchVectorField()),
                ('museum_object', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shop.museumobject')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shop.product')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(condition=models.Q(('product__isnull', False)), fields=['tsv'], name='searchdocument_products'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('museum_object__isnull', False)), fields=['tsv'], name='searchdocument_objects')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('museum_object__isnull', False), ('product', None)), models.Q(('museum_object', None), ('product__isnull', False)), _connector='OR'), name='searchdocument_of_one'), models.UniqueConstraint(fields=('product', 'language'), name='searchdocument_product'), models.UniqueConstraint(fields=('museum_object', 'language'), name='searchdocument_object')],
            },
        ),
        migrations.RunSQL(WORD, "DROP FUNCTION shop_search_word"),
        *touching("shop_product", NAMED),
    ]
