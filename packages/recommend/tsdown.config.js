import { library } from '../../tsdown.shared.js';

export default library({ platform: 'node' });
