using System.Diagnostics;

namespace UdsBroker.Client;

/// <summary>
/// The code of users that may go on because of what a connection received: callers whose answer has come, services whose requests have. The
/// reading thread collects it while it looks at what it received, and then runs it itself, one piece after the other, without a thread switch; what
/// that code sends leaves in one write at the end (<see cref="SocketSender"/>). When the code is not short (<see cref="InlineRule"/>) it goes to the thread
/// pool instead.
/// <para>Code that blocks must not stall the connection. So reading is a role and not a thread: each piece of code runs under a number in
/// <c>_running</c>, and <see cref="StuckWatch"/>, which sees the same number twice, takes the role away by setting it to 0 and starts another thread
/// in it. The stuck thread finds that out when its code returns, and ends. Whoever swaps the number has the role; all fields but the two
/// that are swapped belong to it.</para>
/// </summary>
/// <param name="sender">The write side of the same connection.</param>
/// <param name="readOn">Goes on reading, on another thread.</param>
internal sealed class Continuations(SocketSender sender, Action readOn)
{
    [ThreadStatic]
    private static Continuations? _here;

    /// <summary>On a reading thread: the number of the user's code that it runs; 0 while it runs none.</summary>
    [ThreadStatic]
    private static long _callHere;

    private readonly InlineRule _rule = new(Stopwatch.Frequency);
    private IThreadPoolWorkItem[] _items = new IThreadPoolWorkItem[16];
    private int _first;
    private int _end;
    private long _calls;
    private long _running;
    private int _owesSend;
    private long _seenRunning;
    private long _seenCalls;

    /// <summary>Has a piece of code run soon: on this thread if it reads, else on the thread pool.</summary>
    public static void Add(IThreadPoolWorkItem code)
    {
        if (_here is { } here && _callHere == 0) here.Append(code);
        else ThreadPool.UnsafeQueueUserWorkItem(code, preferLocal: false);
    }

    /// <summary>Whether the calling thread reads this sender's connection: then it will send in its place when it is done with what it received.</summary>
    public static bool TryLeaveSend(SocketSender sender) => _here is { } here && here.IsFor(sender) && here.TryOweSend();

    /// <summary>This thread takes the role, at its start.</summary>
    public void Enter() => (_here, _callHere) = (this, 0);

    /// <summary>This thread reads no more, because there is nothing to read any more.</summary>
    public static void Leave() => _here = null;

    /// <summary>Sends what the receive asked for, runs what was collected, and sends what that asked for.</summary>
    /// <returns>False when the role was taken away meanwhile: another thread reads, and this one must not touch anything.</returns>
    public bool Run()
    {
        Send();
        if (_first == _end) return true;
        if (!RunCollected()) return false;
        Send();
        return true;
    }

    /// <summary>On the thread of the watch: takes the role from code that has run since the last look.</summary>
    /// <returns>Whether code has run since the last look at all.</returns>
    public bool Look()
    {
        long running = Volatile.Read(ref _running), calls = Volatile.Read(ref _calls);
        bool isStuck = running != 0 && running == _seenRunning && Interlocked.CompareExchange(ref _running, 0, running) == running;
        if (isStuck)
        {
            _rule.OnStuck(Stopwatch.GetTimestamp());
            new Thread(() => readOn()) { IsBackground = true, Name = Connection.ThreadName }.UnsafeStart();
        }

        bool hasRun = running != 0 || calls != _seenCalls;
        (_seenRunning, _seenCalls) = (running, calls);
        return hasRun;
    }

    private bool IsFor(SocketSender other) => ReferenceEquals(sender, other);

    private void Send()
    {
        if (Volatile.Read(ref _owesSend) == 1 && Interlocked.Exchange(ref _owesSend, 0) == 1) sender.SendHere();
        else sender.SendLeft();
    }

    private void Append(IThreadPoolWorkItem code)
    {
        if (_end == _items.Length) Array.Resize(ref _items, _end * 2);
        _items[_end++] = code;
    }

    private bool RunCollected()
    {
        long start = Stopwatch.GetTimestamp();
        bool isHere = _rule.Allows(start);
        int calls = _end - _first;
        while (_first < _end)
        {
            IThreadPoolWorkItem code = _items[_first];
            _items[_first++] = null!;
            if (!isHere) ThreadPool.UnsafeQueueUserWorkItem(code, preferLocal: false);
            else if (!TryRunHere(code)) return false;
        }

        (_first, _end) = (0, 0);
        if (!isHere) return true;
        long now = Stopwatch.GetTimestamp();
        _rule.OnTurn(now - start, calls, now);
        return true;
    }

    private bool TryRunHere(IThreadPoolWorkItem code)
    {
        long call = _calls + 1;
        Volatile.Write(ref _calls, call);
        _callHere = call;
        Interlocked.Exchange(ref _running, call);
        StuckWatch.Shared.Awake();
        code.Execute();
        _callHere = 0;
        if (Interlocked.CompareExchange(ref _running, 0, call) == call) return true;
        _here = null;
        return false;
    }

    /// <summary>
    /// The promise is made first and the role looked at then, while whoever takes the role away looks for a promise after that: so one of the two sees
    /// the other, and if both do, the swap lets one of them send.
    /// </summary>
    private bool TryOweSend()
    {
        long call = _callHere;
        Interlocked.Exchange(ref _owesSend, 1);
        if (call == 0 || Volatile.Read(ref _running) == call) return true;
        return Interlocked.Exchange(ref _owesSend, 0) == 0;
    }
}
