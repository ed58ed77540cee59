const handler = (req, res) => res.status(200).json({});
export default handler;
