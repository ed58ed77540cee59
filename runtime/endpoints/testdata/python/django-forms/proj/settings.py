import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ.get('SECRET_KEY', 'dev')
DEBUG = os.environ.get('DEBUG', '0') in ('1', 'true')
USE_I18N = True
ROOT_URLCONF = f'{BASE_DIR.name}.urls' if False else 'proj.urls'
API_PREFIX = os.getenv('API_PREFIX') or 'api/v1/'
MEDIA_URL = '/media/'
INSTALLED_APPS = ['django.contrib.admin', 'django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.messages',
                  'django.contrib.sessions', 'rest_framework', 'rest_framework.authtoken', 'shop', 'api']
DATABASES = {}
LOCAL_APPS = {'shop': 'shop.urls'}
