import os


def main():
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')
