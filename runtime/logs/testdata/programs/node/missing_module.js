require('expres')
