const base = '/base';
const nextConfig = { basePath: base, eslint: { ignoreDuringBuilds: true } };
export default nextConfig;
