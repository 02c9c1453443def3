# bash(1) completion of udsb: commands, options and their values, as the program itself knows them; file names where it knows none.
# It belongs in /usr/share/bash-completion/completions/udsb, or is sourced by ~/.bashrc.

_udsb() {
    local line="udsb${COMP_LINE#"${COMP_WORDS[0]}"}"
    local point=$((COMP_POINT - ${#COMP_WORDS[0]} + 4))
    mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$point]" "$line" 2> /dev/null)" -- "$2")
}

complete -o default -F _udsb udsb
