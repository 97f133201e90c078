from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL('CREATE SEQUENCE services_serial', 'DROP SEQUENCE services_serial'),
    ]
