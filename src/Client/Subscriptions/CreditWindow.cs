namespace UdsBroker.Client;

/// <summary>
/// How much credit the client hands out for a subscription: a pure calculation. At most <see cref="Window"/> messages may be granted and not yet
/// read. New credit is given when half of the window has been read, so that one CREDIT frame serves many messages. The window starts small and then
/// follows the size of the messages, so that what may be under way fits the bytes that the subscription may hold.
/// </summary>
/// <param name="maxMessages">The largest window.</param>
/// <param name="maxBytes">The bytes that a window of messages should not exceed.</param>
internal sealed class CreditWindow(int maxMessages, long maxBytes)
{
    private const int FirstWindow = 16;

    /// <summary>Messages granted, or left of earlier connections, that the reader has not read.</summary>
    private long _open;

    /// <summary>Those of them that have come.</summary>
    private long _unread;

    private long _typicalBytes;

    /// <summary>The messages that may be granted and unread now.</summary>
    public long Window { get; private set; } = Math.Min(maxMessages, FirstWindow);

    /// <summary>A new connection: gives the credit that SUBSCRIBE asks for, which is what the messages of earlier connections leave, 0 included.</summary>
    public long Start()
    {
        _open = Math.Max(Window, _unread);
        return _open - _unread;
    }

    /// <summary>
    /// Messages have arrived: the window follows their size, at once when they are larger, slowly when they are smaller, because credit that was
    /// given cannot be taken back.
    /// </summary>
    public void OnReceived(int messages, long bytes)
    {
        _unread += messages;
        long average = Math.Max(1, bytes / messages);
        _typicalBytes = Math.Max(average, _typicalBytes - (_typicalBytes / 16));
        Window = Math.Clamp(maxBytes / _typicalBytes, 1, maxMessages);
    }

    /// <summary>The reader has read (or a policy has dropped) messages. Gives the credit to hand out now, 0 for none.</summary>
    public long OnRead(long messages)
    {
        _unread -= messages;
        _open -= messages;
        long owed = Window - _open;
        if (owed < Math.Max(1, Window / 2)) return 0;
        _open += owed;
        return owed;
    }
}
