describe('app', () => {});
