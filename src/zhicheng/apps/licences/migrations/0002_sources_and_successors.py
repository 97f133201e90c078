from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('licences', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='licence',
            name='line_sources',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='licence',
            name='replaced_by',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
    ]
