# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of morgue-search in bash: options, their values, and the words and names of the archive.

# The words in front of the cursor, as readline gives them without splitting at colons and quotation marks.
_morgue_search() {
    local cur prev words cword archive=() query='' i=1 word
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n ':"=,' cur prev words cword
    else
        cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    fi
    COMPREPLY=()

    case $prev in
    -a | --archive)
        mapfile -t COMPREPLY < <(compgen -d -- "$cur")
        return
        ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'text json jsonl tsv csv ids' -- "$cur") && return ;;
    --sort) mapfile -t COMPREPLY < <(compgen -W 'relevance newest oldest' -- "$cur") && return ;;
    --color | --colour | --hyperlinks) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur") && return ;;
    --facet)
        mapfile -t COMPREPLY < <(compgen -W 'person org place event source author subject lang year month day' -- "$cur")
        return
        ;;
    -n | --limit | --offset | --recency | --lang | --timeout | --top | --width | --show | --similar | --related | \
        --complete | --since | --fields | --format-version) return ;;
    --save | --saved | --forget)
        while IFS=$'\t' read -r word _; do
            [[ $word == "$cur"* && $word != *[\'\"\ ]* ]] && COMPREPLY+=("$word")
        done < <("${words[0]}" --list-saved --format=tsv 2>/dev/null)
        return
        ;;
    esac

    # Options end at the first word of the query; those archives are asked that the command will ask.
    while ((i < cword)); do
        word=${words[i]}
        case $word in
        -a | --archive) archive+=(-a "${words[++i]/#\~/$HOME}") ;;
        --archive=*) archive+=(-a "${word#--archive=}") ;;
        -n | --limit | --offset | --recency | --lang | --timeout | --top | --width | --show | --similar | --related | \
            --complete | --since | --fields | --format | --format-version | --sort | --color | --colour | --hyperlinks | \
            --facet | --save | --saved | --forget) ((i++)) ;;
        -*) ;;
        *) break ;;
        esac
        ((i++))
    done
    if ((i >= cword)) && [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("${words[0]}" --help 2>/dev/null | grep -o -e '--[a-z][a-z-]*' | sort -u)" -- "$cur")
        return
    fi
    # A word in the shell's quotes would need them undone; the query's own are left to who types them.
    [[ $cur == *[\'\"\\]* ]] && return
    query="${words[*]:i:cword-i}"
    query=${query:+$query }
    local LC_ALL=C text kind count from
    while IFS=$'\t' read -r text kind count from; do
        # It may take the place of a part of the word only: of what stands behind a bracket or a colon.
        ((from >= ${#query})) && [[ $text != *[\'\"\ ]* ]] && COMPREPLY+=("${cur:0:from-${#query}}$text")
    done < <("${words[0]}" "${archive[@]}" --format=tsv --complete "$query$cur" 2>/dev/null)
    declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "$cur"
}

complete -F _morgue_search morgue-search
