export default {
    printWidth: 120,
    tabWidth: 4,
    trailingComma: "all",
    xmlWhitespaceSensitivity: "preserve",
};
