"""When something is due: AWS's schedule expressions. Pure, and one for all services that have them."""
