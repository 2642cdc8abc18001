"""Encrypts the texts that were written before texts were sealed."""

from django.db import migrations

SEALED = {"Stack": ("text", "good_text"), "Op": ("edit", "inverse", "text"), "Run": ("text",)}


def seal_all(apps, schema_editor):
    for name, fields in SEALED.items():
        model = apps.get_model("topology", name)
        for key in list(model.objects.values_list("pk", flat=True)):
            model.objects.only(*fields).get(pk=key).save(update_fields=list(fields))


class Migration(migrations.Migration):
    dependencies = [("topology", "0002_files")]
    operations = [migrations.RunPython(seal_all, migrations.RunPython.noop)]
