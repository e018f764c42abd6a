"Print what `settings.ini` requires, one requirement a line, for `make lock`."
from configparser import ConfigParser

ini = ConfigParser(delimiters=['='])
ini.read('settings.ini', encoding='utf-8')
print(*ini['DEFAULT']['requirements'].split(), *ini['DEFAULT']['dev_requirements'].split(), sep='\n')
