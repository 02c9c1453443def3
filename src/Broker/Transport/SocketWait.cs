using System.Net.Sockets;
using UdsBroker.Broker.Transport.Native;

namespace UdsBroker.Broker.Transport;

/// <summary>
/// The pending waits of one socket: to be readable, to be writable, or both. Each wait is one-shot and ends with the kernel's event, with
/// an error, which the next receive or send reports, or with the close. Thread-safe.
/// </summary>
internal sealed class SocketWait(Socket socket)
{
    private readonly Lock _gate = new();
    private Action? _readable;
    private Action? _writable;
    private bool _isClosed;

    /// <summary>The token that identifies it to the poller; 0 before the first wait.</summary>
    internal long Token { get; private set; }

    /// <summary>Calls back once when there is something to receive, or the end. False when it is closed already.</summary>
    internal bool UntilReadable(Action callback)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            _readable = callback;
            Ask();
            return true;
        }
    }

    /// <summary>Calls back once when something can be sent, or never again. False when it is closed already.</summary>
    internal bool UntilWritable(Action callback)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            _writable = callback;
            Ask();
            return true;
        }
    }

    /// <summary>Called with events of the socket.</summary>
    internal void Signal(uint events)
    {
        Action? readable = null, writable = null;
        lock (_gate)
        {
            if (_isClosed) return;
            if ((events & ~EpollCalls.Writable) != 0) (readable, _readable) = (_readable, null);
            if ((events & (EpollCalls.Writable | EpollCalls.Failed | EpollCalls.HungUp)) != 0) (writable, _writable) = (_writable, null);
            if (_readable is not null || _writable is not null) Ask();
        }

        readable?.Invoke();
        writable?.Invoke();
    }

    /// <summary>Ends both waits; call it before the socket is closed. Later calls do nothing.</summary>
    internal void Close()
    {
        Action? readable, writable;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            (readable, _readable) = (_readable, null);
            (writable, _writable) = (_writable, null);
            if (Token != 0)
            {
                EpollCalls.Forget(SocketPoller.Shared.Set, socket.SafeHandle);
                SocketPoller.Shared.Remove(Token);
            }
        }

        readable?.Invoke();
        writable?.Invoke();
    }

    private void Ask()
    {
        var isNew = Token == 0;
        if (isNew) Token = SocketPoller.Shared.Add(this);
        var events = (_readable is null ? 0 : EpollCalls.Readable | EpollCalls.PeerShut) | (_writable is null ? 0 : EpollCalls.Writable);
        EpollCalls.Ask(SocketPoller.Shared.Set, socket.SafeHandle, isNew, events, Token);
    }
}
