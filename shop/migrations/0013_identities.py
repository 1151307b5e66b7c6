import django.db.models.deletion
import uuid
from django.db import migrations, models

from config.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0012_china_customs'),
    ]

    operations = [
        migrations.CreateModel(
            name='BuyerIdentity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('cn_resident_id', 'Resident identity number (China)'), ('kr_pccc', 'Personal customs clearance code (Korea)')], max_length=20)),
                ('country', models.CharField(help_text='Destination, ISO 3166-1 alpha-2.', max_length=2)),
                ('sealed_number', models.TextField(blank=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('key_id', models.CharField(blank=True, help_text='The key that sealed it.', max_length=12)),
                ('masked', models.CharField(blank=True, max_length=24)),
                ('digest', models.CharField(blank=True, db_index=True, max_length=64)),
                ('consent_version', models.CharField(max_length=40)),
                ('consent_given_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('keep_until', models.DateTimeField(help_text='From then on the number and the name are erased.')),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'buyer identity',
                'verbose_name_plural': 'buyer identities',
                'ordering': ['-created_at'],
                'permissions': [('reveal_buyeridentity', 'Can reveal the number and name of a buyer identity')],
                'indexes': [models.Index(condition=models.Q(('erased_at', None)), fields=['keep_until'], name='buyeridentity_due'), models.Index(fields=['-created_at'], name='buyeridentity_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('consent_version', ''), _negated=True), name='buyeridentity_has_consent'), models.CheckConstraint(condition=models.Q(models.Q(('erased_at', None), models.Q(('sealed_number', ''), _negated=True), models.Q(('sealed_name', ''), _negated=True), models.Q(('digest', ''), _negated=True), models.Q(('masked', ''), _negated=True)), models.Q(('digest', ''), ('erased_at__isnull', False), ('key_id', ''), ('masked', ''), ('sealed_name', ''), ('sealed_number', '')), _connector='OR'), name='buyeridentity_whole_or_erased')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='identity',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='shop.buyeridentity'),
        ),
        migrations.CreateModel(
            name='IdentityAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=80)),
                ('reason', models.CharField(max_length=250)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='shop.buyeridentity')),
            ],
            options={
                'verbose_name': 'identity access',
                'verbose_name_plural': 'identity accesses',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('actor', ''), _negated=True)), name='identityaccess_explained')],
            },
        ),
        append_only("shop_identityaccess"),
    ]
