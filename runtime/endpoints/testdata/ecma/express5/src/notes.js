import express from 'express';
export const notes = express.Router();
notes.get('/', (req, res) => res.end());
