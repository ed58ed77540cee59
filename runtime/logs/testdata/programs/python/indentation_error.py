def start():
    pass
  x = 1
