"""The repair of the twin, a part for each factor: a learner may read one part at a time."""

from pathlib import Path


def solve(folder: Path) -> None:
    kitchen = folder / "kitchen"
    app = (kitchen / "app.py").read_text("utf-8")
    # I one program; what differed is config
    (kitchen / "app_production.py").unlink()
    # II every package is declared, with one version
    packages = "flask==3.1.3\nwerkzeug==3.1.9\npython-dateutil==2.9.0.post0\n"
    (kitchen / "requirements.txt").write_text(packages, "utf-8")
    # III config comes from the environment, and no password stands in the code
    app = app.replace('KITCHEN = "Test kitchen"', 'KITCHEN = os.environ["KITCHEN"]')
    app = app.replace('DATABASE_PASSWORD = "soup-of-the-day"\n', "")
    # IV the database is whatever the URL names
    own_file = 'os.path.join(os.path.dirname(__file__), "orders.db")'
    app = app.replace(own_file, 'os.environ["DATABASE_URL"].removeprefix("sqlite://")')
    # V a web process only runs; the build belongs into the Dockerfile (RUN python build.py)
    (kitchen / "Procfile").write_text("web: python app.py\n", "utf-8")
    # VI orders are read where they were written: in the database
    query = 'connection.execute("SELECT dish FROM orders").fetchall()'
    read = f"    with database() as connection:\n        orders = {query}\n    return {{"
    app = app.replace('    return {"kitchen"', f'{read}"kitchen"').replace(
        "    orders.append", "    #"
    )
    # VII the port is given
    app = app.replace("PORT = 8000", 'PORT = int(os.environ["PORT"])')
    # VIII nothing forbids a second process
    first, last = app.index("    if os.path.exists(PID"), app.index("    create_table()\n")
    app = app[:first] + app[last:]
    # IX SIGTERM ends the server, and requests under way are served first
    serve = (
        '    server = make_server("127.0.0.1", PORT, app, threaded=True)\n'
        "    server.daemon_threads = False\n"
        "    stop = threading.Thread(target=server.shutdown)\n"
        "    signal.signal(signal.SIGTERM, lambda *_: stop.start())\n"
        "    server.serve_forever()\n"
        "    server.server_close()\n"
    )
    app = app.replace('    app.run("127.0.0.1", PORT)\n', serve)
    server = "from werkzeug.serving import make_server\n"
    app = app.replace("import time\n", f"import time\nimport signal\nimport threading\n{server}")
    # X the same way in every stage
    app = app.replace('    if STAGE == "test":\n        return sqlite3.connect(":memory:")\n', "")
    # XI the log is a stream
    app = app.replace('filename="app.log"', "stream=sys.stdout")
    # XII the table is made once, by a process of its own
    app = app.replace("    create_table()\n", "")
    (kitchen / "migrate.py").write_text("import app\n\napp.create_table()\n", "utf-8")
    with (kitchen / "Procfile").open("a") as procfile:
        procfile.write("migrate: python migrate.py\n")
    # all of it is written back
    (kitchen / "app.py").write_text(app, "utf-8")
