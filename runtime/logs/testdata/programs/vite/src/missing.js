import './missing-file.js'
