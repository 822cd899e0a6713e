#!/bin/sh
# Hook of Claude Code that records what the agent does in the Agent Audit Portal.
#
# hook.sh         keeps the event on standard input as one file of the spool, starts a sender in the
#                 background and ends: the agent never waits for the network.
# hook.sh send    sends the spool, oldest first; a file goes only after the portal has answered 200
#                 for it. One sender works at a time.
#
# Beside this file: curl.conf (address and key, for you alone), spool/ (events still to be sent),
# refused/ (what the portal cannot take at all), dropped (times of events that found the spool full),
# last (what became of the latest sending). Limits can be set in the file `limits` as shell
# variables. Needs sh and curl. Prints nothing, always ends with status 0, since what a hook prints
# may reach the model and what it answers may stop the agent.

umask 077
LC_ALL=C
export LC_ALL

MAX_SPOOL_KB=262144  # 256 MB of events wait at most; what comes then is counted and reported
MAX_BATCH_FILES=200
MAX_BATCH_BYTES=4000000
CONNECT_SECONDS=3
REQUEST_SECONDS=30

home=${0%/*}
[ "$home" != "$0" ] || home=.
[ -r "$home/limits" ] && . "$home/limits"
spool=$home/spool
lock=$home/sending

# Sets `time`: UTC, with a fraction of the second where the system has one. GNU and BusyBox print it,
# others leave letters in the text.
now() {
    time=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ 2>/dev/null)
    case $time in
    *[!0-9TZ:.-]* | *.Z | '')
        time=$(perl -MTime::HiRes=time -MPOSIX=strftime -e \
            '$t = time; printf "%s.%06dZ", strftime("%Y-%m-%dT%H:%M:%S", gmtime $t), ($t - int $t) * 1e6' \
            2>/dev/null) || time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        ;;
    esac
}

# Sets `id`: 32 hexadecimal digits that nobody else has.
random() {
    id=
    for byte in $(od -An -N16 -tx1 /dev/urandom); do
        id=$id$byte
    done
}

# One line: {"event_id":…,"timestamp":…,"hook":what came in}. Only hexadecimal digits and a time are
# put around it. A line break within JSON text is always written \n, so those that are left are
# layout and may become spaces.
wrapped() {
    printf '{"event_id":"%s","timestamp":"%s","hook":' "$1" "$2" &&
        tr '\n\r' '  ' &&
        printf '}\n'
}

# Keeps standard input under a name that sorts by time: complete, or not there at all.
keep() {
    random
    now
    if wrapped "$id" "$time" >"$spool/.$id" 2>/dev/null &&
        mv "$spool/.$id" "$spool/$time-$id.json" 2>/dev/null; then
        return 0
    fi
    rm -f "$spool/.$id"
    return 1
}

# Notes that an event is lost.
lost() {
    now
    echo "$time" >>"$home/dropped"
}

receive() {
    [ -d "$spool" ] || mkdir -p "$spool" 2>/dev/null
    if [ -e "$home/full" ] || ! keep; then
        cat >/dev/null
        lost 2>/dev/null
    fi
    nohup sh "$home/hook.sh" send </dev/null >/dev/null 2>&1 &
}

# The lock is a folder with the process id of its owner. One that was left by a killed sender is
# moved away. Should two senders ever work at once, the portal gets some events twice and stores them
# once.
lock() {
    if mkdir "$lock" 2>/dev/null; then
        echo $$ >"$lock/pid"
        return 0
    fi
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then
        # Another process may have got its number since: no sending takes this long.
        [ -n "$(find "$lock/pid" -mmin +15 2>/dev/null)" ] || return 1
    elif [ -z "$owner" ]; then
        # It may be about to write its number.
        [ -n "$(find "$lock" -prune -mmin +1 2>/dev/null)" ] || return 1
    fi
    mv "$lock" "$lock.$$" 2>/dev/null || return 1
    rm -rf "$lock.$$"
    mkdir "$lock" 2>/dev/null || return 1
    echo $$ >"$lock/pid"
}

unlock() {
    rm -f "$home/batch.$$" "$home/answer.$$"
    rm -rf "$lock"
}

# Posts a file of lines and sets `status`.
post() {
    status=$(curl -q --silent --config "$home/curl.conf" --request POST \
        --header 'Content-Type: application/x-ndjson' --header 'Expect:' \
        --data-binary "@$1" --output "$home/answer.$$" --write-out '%{http_code}' \
        --connect-timeout "$CONNECT_SECONDS" --max-time "$REQUEST_SECONDS" 2>/dev/null)
    [ -n "$status" ] || status=000
    now
    printf '%s %s\n' "$time" "$status" >"$home/last.$$" && mv "$home/last.$$" "$home/last"
}

# The names of the oldest files, at most $1 of them and not more bytes than go into a request.
oldest() {
    set -- "$1" "$spool"/*.json
    limit=$1
    shift
    [ -e "$1" ] || return 1
    taken=0
    bytes=0
    for file; do
        [ "$taken" -lt "$limit" ] || break
        size=$(wc -c <"$file" 2>/dev/null) || continue
        bytes=$((bytes + size))
        [ "$taken" -eq 0 ] || [ "$bytes" -le "$MAX_BATCH_BYTES" ] || break
        printf '%s\n' "$file"
        taken=$((taken + 1))
    done
}

# Sends batch after batch; ends with status 0 when the spool is empty.
drain() {
    limit=$MAX_BATCH_FILES
    while files=$(oldest "$limit") && [ -n "$files" ]; do
        touch "$lock/pid"
        set -f
        IFS='
'
        set -- $files
        unset IFS
        set +f
        cat "$@" >"$home/batch.$$" || return 1
        post "$home/batch.$$"
        case $status in
        200)
            # Accepted, known already, or kept in the portal's quarantine.
            rm -f "$@"
            limit=$MAX_BATCH_FILES
            ;;
        400 | 413 | 415)
            # Something of it cannot be taken: find out which, then set it aside.
            if [ $# -gt 1 ]; then
                limit=$(($# / 2))
            else
                mkdir -p "$home/refused" && mv "$1" "$home/refused/" || return 1
                lost
            fi
            ;;
        *) return 1 ;;
        esac
    done
    return 0
}

# Tells the portal how many events were lost to a full spool, from when to when.
report_dropped() {
    list=$home/dropped.sending
    [ -e "$list" ] || mv "$home/dropped" "$list" 2>/dev/null || return 0
    printf '{"hook_event_name":"SpoolGap","dropped":%s,"first":"%s","last":"%s"}' \
        "$(($(wc -l <"$list")))" "$(head -n 1 "$list")" "$(tail -n 1 "$list")" | keep &&
        rm -f "$list"
}

# What a killed hook left unfinished is sent as it is: the portal keeps it in quarantine.
rescue() {
    find "$spool" -type f -name '.*' -mmin +15 2>/dev/null | while IFS= read -r part; do
        now
        mv "$part" "$spool/$time-${part##*/.}.json"
    done
}

measure() {
    used=$(du -sk "$spool" 2>/dev/null | cut -f 1)
    if [ "${used:-0}" -ge "$MAX_SPOOL_KB" ]; then
        : >"$home/full"
    else
        rm -f "$home/full"
    fi
}

# What arrives between the last look and the release of the lock has found the lock taken, so look
# again afterwards.
send() {
    while lock; do
        trap unlock EXIT
        trap 'exit 0' HUP INT TERM
        measure
        rescue
        drain
        sent=$?
        measure
        if [ "$sent" -eq 0 ] && { [ -s "$home/dropped" ] || [ -e "$home/dropped.sending" ]; }; then
            report_dropped
            drain
            sent=$?
        fi
        unlock
        trap - EXIT
        [ "$sent" -eq 0 ] && [ -n "$(oldest 1)" ] || return 0
    done
}

if [ "${1:-}" = send ]; then
    send
else
    receive
fi
exit 0
