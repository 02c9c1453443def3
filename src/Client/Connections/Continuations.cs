using System.Diagnostics;

namespace UdsBroker.Client;

/// <summary>
/// Runs the user code that received messages resume: callers whose answer has come, and services that have new requests. The reading thread
/// collects these continuations while it processes received bytes, and then runs them itself, one after the other, without a thread switch;
/// what they send leaves in one write at the end (<see cref="SocketSender"/>). Code that is not short (<see cref="InlineRule"/>) goes to
/// the thread pool instead.
/// <para>Code that blocks must not stall the connection, so reading is a role and not a thread. Each continuation runs under a number in
/// <c>_running</c>. When <see cref="StuckWatch"/> sees the same number twice, it sets it to 0, which takes the role away, and starts
/// another thread in the role. The stuck thread notices this when its code returns, and ends. Whoever swaps the number has the role; all
/// fields but the two that are swapped belong to it.</para>
/// </summary>
/// <param name="sender">The write side of the same connection.</param>
/// <param name="readOn">Continues reading; called on another thread.</param>
internal sealed class Continuations(SocketSender sender, Action readOn)
{
    [ThreadStatic]
    private static Continuations? _here;

    /// <summary>On a reading thread: the number of the continuation that it runs; 0 while it runs none.</summary>
    [ThreadStatic]
    private static long _callHere;

    private readonly InlineRule _rule = new(Stopwatch.Frequency);
    private IThreadPoolWorkItem[] _items = new IThreadPoolWorkItem[16];
    private int _first;
    private int _end;
    private long _calls;
    private long _running;
    private int _isSendDeferred;
    private long _seenRunning;
    private long _seenCalls;

    /// <summary>Schedules code: on the calling thread if that is a reading thread, else on the thread pool.</summary>
    public static void Add(IThreadPoolWorkItem code)
    {
        if (_here is { } here && _callHere == 0) here.Append(code);
        else ThreadPool.UnsafeQueueUserWorkItem(code, preferLocal: false);
    }

    /// <summary>
    /// Defers a send to the end of the calling thread's turn; false when that is not the reading thread of the sender's connection.
    /// </summary>
    public static bool TryDeferSend(SocketSender sender) => _here is { } here && here.IsFor(sender) && here.TryDefer();

    /// <summary>Makes the calling thread the reading thread.</summary>
    public void Enter() => (_here, _callHere) = (this, 0);

    /// <summary>Ends the calling thread's role, because the connection has ended.</summary>
    public static void Leave() => _here = null;

    /// <summary>Sends what was deferred while receiving, runs the collected code, and sends what that deferred.</summary>
    /// <returns>False when the role was taken away meanwhile: another thread reads now, and this one must not touch anything.</returns>
    public bool Run()
    {
        Send();
        if (_first == _end) return true;
        if (!RunCollected()) return false;
        Send();
        return true;
    }

    /// <summary>On the watch's thread: takes the role away from code that has been running since the last check.</summary>
    /// <returns>Whether any code has run since the last check.</returns>
    public bool CheckProgress()
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
        if (Volatile.Read(ref _isSendDeferred) == 1 && Interlocked.Exchange(ref _isSendDeferred, 0) == 1) sender.SendHere();
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
        StuckWatch.Shared.Wake();
        code.Execute();
        _callHere = 0;
        if (Interlocked.CompareExchange(ref _running, 0, call) == call) return true;
        _here = null;
        return false;
    }

    /// <summary>
    /// The flag is set first and the role checked then, while the thread that takes over the role checks the flag after that. So at least
    /// one of the two sees the other, and if both do, the swap lets only one of them send.
    /// </summary>
    private bool TryDefer()
    {
        long call = _callHere;
        Interlocked.Exchange(ref _isSendDeferred, 1);
        if (call == 0 || Volatile.Read(ref _running) == call) return true;
        return Interlocked.Exchange(ref _isSendDeferred, 0) == 0;
    }
}
