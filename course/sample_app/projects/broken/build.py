"""Makes the menu page, each time the app starts."""

import datetime

with open("menu.html", "w") as file:
    file.write(f"<h1>Menu of {datetime.date.today()}</h1>")
