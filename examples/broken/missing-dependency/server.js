import express from "express"; // package.json does not require it

express().listen(process.env.PORT ?? 3000);
