import x from 'expres'
