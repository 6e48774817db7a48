"""Who may use the routes of the moderators' desk and of the operators: read by test_route_answers.py."""

DESK_ANSWERS = {
    "GET /about/moderation": "yyyyyy",
    "GET /report": "yyyyyy",
    "POST /report": "yyyyyy",
    "GET /moderation/<public_id>": "nyyyyy",
    "POST /moderation/<public_id>/reply": "nyyyyy",
    "GET /reports/<public_id>": "nyyyyy",
    "GET /admin/desk": "nnnyyy",
    "GET /admin/reports": "nnnyyy",
    "GET /admin/reports/<public_id>": "nnnyyy",
    "POST /admin/reports/<public_id>/decide": "nnnyyy",
    "POST /admin/reports/<public_id>/reopen": "nnnyyy",
    "POST /admin/reports/<public_id>/answer": "nnnyyy",
    "GET /admin/moderate": "nnnyyy",
    "POST /admin/moderate": "nnnyyy",
    "POST /admin/moderation/<public_id>/undo": "nnnyyy",
    "POST /admin/moderation/<public_id>/settle": "nnnyyy",
}
