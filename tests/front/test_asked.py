from tracker.front.asked import asked

GET = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/",
    "QUERY_STRING": "",
    "HTTP_HOST": "register.example",
    "wsgi.url_scheme": "https",
}


def test_the_proxys_number_of_a_request_reaches_the_log_though_not_the_key():
    given = GET | {"HTTP_X_REQUEST_ID": "0a1b2c3d4e5f", "HTTP_USER_AGENT": "x"}
    request = asked(given, "sessionid", "")
    shown = request.environ(given, "")
    assert shown["HTTP_X_REQUEST_ID"] == "0a1b2c3d4e5f"
    assert "HTTP_USER_AGENT" not in shown
    assert request.key == asked(GET, "sessionid", "").key
