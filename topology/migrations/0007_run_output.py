from django.db import migrations

import topology.models.sealed


class Migration(migrations.Migration):
    dependencies = [("topology", "0006_registry_logins")]
    operations = [
        migrations.AddField(
            model_name="run", name="output", field=topology.models.sealed.SealedTextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]  # fmt: skip
