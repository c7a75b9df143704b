"""Ways to tell people something: on their desktop, by chat or mail, at a web address."""
