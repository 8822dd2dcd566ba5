#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The desktop sample, with real key presses in a window of a display of its own: types, reads, narrows, indexes a
# folder. What the window shows is read from what --trace prints. Skips where the program was not built, or there is
# nothing to press keys with.
set -u
BUILD=${BUILD:-build}
program=$BUILD/morgue-desktop

skip() {
    echo "skip: $1"
    exit 0
}
[ -x "$program" ] || skip "no $program (make desktop builds it, with GTK 4)"
for tool in Xvfb xdotool import dbus-run-session; do
    command -v $tool >/dev/null || skip "no $tool (make check-desktop installs it)"
done
if [ -z "${MORGUE_DESKTOP_BUS:-}" ]; then
    MORGUE_DESKTOP_BUS=1 exec dbus-run-session -- sh "$0" "$@" 2>/dev/null
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/morgue-desktop.XXXXXX") || exit 2
log=$tmp/log
pid=
server=
trap 'kill $pid $server 2>/dev/null; wait 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 130' HUP INT PIPE TERM
HOME=$tmp
XDG_CONFIG_HOME=$tmp/config
XDG_DATA_HOME=$tmp/data
XDG_CACHE_HOME=$tmp/cache
# Without a graphics card; assistive technology is checked inside.
GSK_RENDERER=cairo
GTK_A11Y=test
G_ENABLE_DIAGNOSTIC=1
LSAN_OPTIONS=exitcode=0:${LSAN_OPTIONS:-}
# Whole stacks, also through libraries without frame pointers.
ASAN_OPTIONS=fast_unwind_on_malloc=0:${ASAN_OPTIONS:-}
unset GTK_THEME GDK_SCALE GDK_BACKEND WAYLAND_DISPLAY
export HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME
export GSK_RENDERER GTK_A11Y G_ENABLE_DIAGNOSTIC LSAN_OPTIONS ASAN_OPTIONS

ran=0
failed=0

# $1: what must hold; the rest: a command.
expect() {
    what=$1
    shift
    ran=$((ran + 1))
    if ! "$@"; then
        failed=$((failed + 1))
        echo "not so: $what"
        tail -n 5 "$log"
    fi
}

# Lines that the program printed since `mark`.
mark() {
    seen=$(wc -l <"$log")
}
since() {
    tail -n +$((seen + 1)) "$log"
}
waited() {
    tries=0
    while [ $tries -lt 200 ]; do
        since | grep -q -e "$1" && return 0
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.05
        tries=$((tries + 1))
    done
    return 1
}
unseen() {
    ! since | grep -q -e "$1"
}
keys() {
    mark
    xdotool key --delay 20 "$@"
}
text() {
    mark
    xdotool type --delay 30 "$1"
}
window() {
    xdotool search --sync --onlyvisible --pid "$pid" | tail -n 1
}

# Starts the program over an archive ("": the user's own) and gives its window the keys.
start() {
    : >"$log"
    seen=0
    "$program" --trace "$@" >"$log" 2>"$tmp/errors" &
    pid=$!
    waited '^settled\|^archive articles=0' || return 1
    xdotool windowsize --sync "$(window)" 1200 800
    xdotool windowmove "$(window)" 0 0 windowfocus --sync "$(window)"
}
# Leaks that begin in our code, of all that LeakSanitizer tells; what GTK and fontconfig keep is not ours.
leaked() {
    awk '/^(Direct|Indirect) leak/ { leak = $0; next }
         /libfontconfig/ { leak = "" }
         leak && !/samples\/desktop\/main\.c/ && /(samples\/desktop|indexer|searcher)\// { print leak; print; leak = "" }' "$tmp/errors"
}
# Ends as it should, with nothing said: no warning of GTK, no leak. That something is painted before it was laid out
# GTK 4.8 says now and then of what a popover points into.
ended() {
    keys ctrl+q
    wait "$pid"
    status=$?
    pid=
    sed '/ERROR: LeakSanitizer/,$d' "$tmp/errors" |
        grep -v 'without a current allocation\|dconf\|libEGL\|MESA\|^=*$' >"$tmp/said"
    leaked >>"$tmp/said"
    [ $status -eq 0 ] && [ ! -s "$tmp/said" ] && return 0
    echo "exit status $status"
    head -n 60 "$tmp/said"
    return 1
}
# Is anything on the screen? A window of one colour has no spread.
painted() {
    import -window root "$tmp/$1.png"
    spread=$(convert "$tmp/$1.png" -colorspace Gray -format '%[fx:standard_deviation*1000]' info:)
    [ "${spread%.*}" -ge 20 ]
}
brightness() {
    convert "$tmp/$1.png" -colorspace Gray -format '%[fx:int(mean*100)]' info:
}
darkens() {
    tries=0
    while [ $tries -lt 20 ]; do
        painted dark && [ "$(brightness dark)" -lt $(($(brightness light) - 30)) ] && return 0
        sleep 0.1
        tries=$((tries + 1))
    done
    return 1
}
# Drags from one to another share of the width of what was last reported as place $1.
drag() {
    set -- $(grep "^place $1 " "$log" | tail -n 1) "$2" "$3"
    mark
    y=$(($4 + 30))
    xdotool mousemove $(($3 + $5 * $7 / 100)) $y mousedown 1
    xdotool mousemove $(($3 + $5 * ($7 + 1) / 100)) $y mousemove $(($3 + $5 * $8 / 100)) $y mouseup 1
}

Xvfb -displayfd 3 -screen 0 1200x800x24 3>"$tmp/display" >/dev/null 2>&1 &
server=$!
tries=0
while [ ! -s "$tmp/display" ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
[ -s "$tmp/display" ] || skip "Xvfb does not start"
DISPLAY=:$(cat "$tmp/display")
export DISPLAY

archive=$tmp/archive
"$BUILD/morgue-index" -a "$archive" samples/articles/html samples/articles/text samples/articles/notices.json \
    samples/articles/wire.jsonl samples/articles/wire-2.jsonl.gz >/dev/null 2>&1
"$BUILD/morgue-index" -a "$archive" --field title=headline --field text=body samples/articles/letters.json >/dev/null

# ---- Searching and reading ----

expect 'it starts with all articles' start "$archive"
expect 'the archive was opened' grep -q '^archive articles=48$' "$log"
keys ctrl+shift+a
expect 'every control has an accessible name' waited '^accessible [1-9][0-9]* controls, 0 without a name'
text 'cable treaty'
expect 'what is typed is searched' waited '^page query=\[cable (treaty OR treaty\*)\] shown=[1-9].*first=\[nw-20220311-lights\]'
expect 'facets come with it' waited '^overview count=[1-9][0-9]* \[Oksana Hrytsenko\].*\[Nordwire\] dates=[1-9]'
expect 'the first article is shown' waited '^article id=\[nw-20220311-lights\] matches=[1-9]'
expect 'something is painted' painted light
keys Down
expect 'Down goes into the list' waited '^focus list'
keys Down
expect 'Down again selects the next' waited '^article id=\[[^]]*\] matches=[1-9]'
keys Return
expect 'Enter reads' waited '^focus reader'
keys n Return
expect 'a name of the article opens a card' waited '^card \['
expect 'the card has names that go with it' waited '^related [1-9]'
keys Escape
expect 'Escape closes it' waited '^card closed'
keys Escape
expect 'Escape goes back to the list' waited '^focus list'
keys Escape
expect 'and to the query' waited '^focus entry'

# ---- Narrowing and back ----

keys F6 Return
expect 'the first facet narrows' waited '^filters 1'
expect 'to fewer articles' waited '^page query=\[(cable (treaty OR treaty\*)) [a-z]*:"[^"]*"\]'
waited '^settled'
keys alt+Left
expect 'Alt+Left undoes it' waited '^filters 0'
keys alt+Right
expect 'Alt+Right does it again' waited '^filters 1'
keys ctrl+f BackSpace
expect 'typing in place of the query' waited '^page query=\[[a-z]*:"[^"]*"\]'
keys Escape
expect 'Escape takes the filters away' waited '^filters 0'
waited '^settled'
drag timeline 60 80
expect 'a time is chosen by dragging' waited '^page query=\[date:20[01][0-9]-[0-9]*\.\.20[12][0-9]-[0-9]*\]'
expect 'with fewer articles' waited '^overview count=[1-9][0-9]\{0,1\} '
keys ctrl+f Escape
expect 'and given up again' waited '^filters 0'
text '"unfinis'
expect 'what is half typed is no error' waited '^page query=\["unfinis"\] shown=0 first=\[\] $'
keys Escape
text 'source:reuters date:20'
expect 'what cannot be read is told' waited '^page query=.* 20 is not a date'
expect 'and nothing else happens' waited '^settled'
keys Escape
expect 'Escape clears the query' waited '^page query=\[NOT id:[^ ]* .*\] shown=[1-9]'

# ---- Dark and light ----

keys ctrl+shift+d
expect 'it can be dark' waited '^style dark'
expect 'which is darker, and not empty' darkens
expect 'it ends quietly' ended

# ---- Text of a kind ----

# Markup, terminal sequences, a text that turns the direction, control characters, a line without end.
awk 'BEGIN { x = "<b>never & closed <span foreground=\\\"red\\\">\\u001b[31m \\u202eturned \\u0007\\u0085 "
    for (i = 0; i < 17; i++) y = (y ? y y : "x")
    printf "{\"id\":\"<i>\",\"title\":\"Odd %s\",\"author\":\"%s\",\"source\":\"%s\",\"text\":\"Odd %s Oslo.\\n\\n%s\"}\n", x, x, x, x, y }' >"$tmp/odd.jsonl"
"$BUILD/morgue-index" -a "$tmp/odd" "$tmp/odd.jsonl" >/dev/null
expect 'it starts with odd text' start "$tmp/odd"
text 'odd'
expect 'which is found' waited '^article id=\[<i>\] matches=1'
expect 'and shown' painted odd
expect 'and is no markup to anybody' ended

# ---- Indexing ----

mkdir "$tmp/folder"
cp samples/articles/html/*.html "$tmp/folder"
expect 'it starts without an archive' start
keys ctrl+i
expect 'a folder is asked for' waited '^choosing'
sleep 0.7
text "$tmp/folder"
sleep 0.5
keys Return
expect 'the folder is indexed' waited '^indexed \[9 articles added\]'
expect 'and found in' waited '^archive articles=9'
text 'lighthouse'
expect 'and searched' waited '^page query=\[(lighthouse OR lighthouse\*)\]'

awk 'BEGIN { for (i = 0; i < 60000; i++)
    printf "{\"id\":\"n%d\",\"title\":\"Number %d\",\"text\":\"The lighthouse of Orrvik was seen %d times in %d.\"}\n", i, i, i, i }' >"$tmp/folder/many.jsonl"
keys ctrl+i
waited '^choosing'
sleep 0.7
text "$tmp/folder"
sleep 0.5
keys Return
expect 'more is indexed' waited '^indexing'
keys ctrl+period
expect 'and cancelled' waited '^indexed \[Cancelled; nothing was added\]'
expect 'with all as it was' waited '^overview count=1 '
expect 'it ends quietly too' ended

# ---- What the system prefers ----

mkdir -p "$tmp/config/gtk-4.0"
printf '[Settings]\ngtk-application-prefer-dark-theme=1\n' >"$tmp/config/gtk-4.0/settings.ini"
expect 'it starts in the dark' start "$archive"
expect 'as the system is' grep -q '^style dark' "$log"
expect 'it ends quietly again' ended

echo "$ran desktop checks, $failed failed"
[ $failed -eq 0 ]
