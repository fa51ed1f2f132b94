/** The default theme with the colours of the pictures. */
import theme from 'vitepress/theme';
import './pictures.css';

export default theme;
