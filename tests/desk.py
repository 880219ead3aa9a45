"""Two people at the staff area: one who may write everything, and a reviewer."""

from django.test import TestCase

from tests.factories import make_staff, make_user


class Desk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = make_user("admin", is_staff=True, is_superuser=True)
        cls.reviewer = make_staff("reviewer")

    def setUp(self):
        self.client.force_login(self.staff)

    def decide(self, *records, decision="publish", prefix="/en/admin/", **fields):
        """The reviewer's answer on some records; the writer is at the desk again afterwards."""
        self.client.force_login(self.reviewer)
        tokens = [f"{record._meta.model_name}-{record.pk}" for record in records]
        given = {"record": tokens, "decision": decision, **fields}
        answer = self.client.post(f"{prefix}review/look/", given)
        self.client.force_login(self.staff)
        return answer
