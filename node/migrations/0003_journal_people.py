"""The people in a governance entry by a salted digest, so that they can be erased and the chain still holds."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('talanoa', '0002_search')]

    initial = False

    operations = [
        ops.AddField(
            model_name='JournalEntry',
            name='person_digest',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name='JournalEntry',
            name='person_salt',
            field=fields.CharField(null=True, max_length=64),
        ),
    ]
