export * from '../../shared';
