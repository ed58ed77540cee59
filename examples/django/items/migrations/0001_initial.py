from django.db import migrations, models


def stock(apps, _):
    item = apps.get_model("items", "Item")
    item.objects.create(name="Pencil", price="0.80")
    item.objects.create(name="Notebook", price="3.50")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("price", models.DecimalField(max_digits=8, decimal_places=2)),
            ],
        ),
        migrations.RunPython(stock, migrations.RunPython.noop),
    ]
