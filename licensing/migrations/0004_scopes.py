
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import licensing.rights.models
import licensing.rights.scopes.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licensing', '0003_partner_wall'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartyGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='RightHeld',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.BigIntegerField()),
                ('territory_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('territory_except', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('channel_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('category_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('language_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('property_spans', licensing.rights.scopes.fields.SpansField()),
                ('territory_spans', licensing.rights.scopes.fields.SpansField()),
                ('channel_spans', licensing.rights.scopes.fields.SpansField()),
                ('category_spans', licensing.rights.scopes.fields.SpansField()),
                ('language_spans', licensing.rights.scopes.fields.SpansField()),
                ('term', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('lock', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
            ],
            options={
                'ordering': ['agreement', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ScopeGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('property', 'Property'), ('territory', 'Territory'), ('channel', 'Channel'), ('category', 'Category'), ('language', 'Language')], max_length=12)),
                ('code', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
            ],
            options={
                'ordering': ['dimension', 'code'],
            },
        ),
        migrations.CreateModel(
            name='ScopeNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('property', 'Property'), ('territory', 'Territory'), ('channel', 'Channel'), ('category', 'Category'), ('language', 'Language')], max_length=12)),
                ('code', models.CharField(max_length=80)),
                ('low', models.BigIntegerField(default=0, editable=False)),
                ('high', models.BigIntegerField(default=0, editable=False)),
            ],
            options={
                'ordering': ['dimension', 'low'],
            },
        ),
        migrations.AddField(
            model_name='agreement',
            name='parent',
            field=models.ForeignKey(blank=True, help_text='The licence that this one is a sub-licence of.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sub_licences', to='licensing.agreement'),
        ),
        migrations.AddField(
            model_name='grant',
            name='cap_units',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: as many as are sold.', null=True),
        ),
        migrations.AddField(
            model_name='grant',
            name='excluded_territories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='grant',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), default=licensing.rights.models.everything, size=None),
        ),
        migrations.AlterField(
            model_name='agreement',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('signed', 'Signed'), ('active', 'Active'), ('suspended', 'Suspended'), ('sell_off', 'Sell-off'), ('expired', 'Expired'), ('terminated', 'Terminated'), ('closed', 'Closed')], default='draft', max_length=12),
        ),
        migrations.AlterField(
            model_name='grant',
            name='exclusivity',
            field=models.CharField(choices=[('exclusive', 'Exclusive'), ('sole', 'Sole'), ('non_exclusive', 'Non-exclusive'), ('own_use', "Licensor's own use")], default='non_exclusive', max_length=16),
        ),
        migrations.AlterField(
            model_name='grant',
            name='territories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None),
        ),
        migrations.AlterField(
            model_name='party',
            name='role',
            field=models.CharField(choices=[('rights_holder', 'Rights holder'), ('agent', 'Agent'), ('licensee', 'Licensee'), ('sub_licensee', 'Sub-licensee'), ('manufacturer', 'Manufacturer'), ('distributor', 'Distributor'), ('marketplace', 'Marketplace operator'), ('own_shop', 'Own shop')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='agreement_not_its_own_parent'),
        ),
        migrations.AddField(
            model_name='party',
            name='group',
            field=models.ForeignKey(blank=True, help_text='Affiliates of one group hold rights together.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='licensing.partygroup'),
        ),
        migrations.AddField(
            model_name='rightheld',
            name='agreement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rights_held', to='licensing.agreement'),
        ),
        migrations.AddField(
            model_name='rightheld',
            name='grant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='licensing.grant'),
        ),
        migrations.AddField(
            model_name='rightheld',
            name='parent',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='licensing.agreement'),
        ),
        migrations.AddConstraint(
            model_name='scopegroup',
            constraint=models.UniqueConstraint(fields=('dimension', 'code'), name='scopegroup_once'),
        ),
        migrations.AddConstraint(
            model_name='scopegroup',
            constraint=models.CheckConstraint(condition=models.Q(('members__len__gt', 0)), name='scopegroup_members'),
        ),
        migrations.AddField(
            model_name='scopenode',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='licensing.scopenode'),
        ),
        migrations.AddIndex(
            model_name='scopenode',
            index=models.Index(fields=['dimension', 'low'], name='scopenode_place'),
        ),
        migrations.AddConstraint(
            model_name='scopenode',
            constraint=models.UniqueConstraint(fields=('dimension', 'code'), name='scopenode_once'),
        ),
        migrations.AddConstraint(
            model_name='scopenode',
            constraint=models.CheckConstraint(condition=models.Q(('high__gt', models.F('low'))), name='scopenode_label'),
        ),
        migrations.AddConstraint(
            model_name='scopenode',
            constraint=models.CheckConstraint(condition=models.Q(('code', '*'), _negated=True), name='scopenode_not_everything'),
        ),
    ]
