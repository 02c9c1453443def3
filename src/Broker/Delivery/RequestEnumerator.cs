using UdsBroker.Broker.Requests;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Delivery;

/// <summary>
/// Enumerates the requests of a run. Only a message whose reply subject is in the inbox of its own sender is one, because only then the
/// sender can be told.
/// </summary>
internal ref struct RequestEnumerator(Run run, Limits limits)
{
    private readonly ReadOnlySpan<byte> _inbox = run.Account.InboxPrefix;
    private readonly Guid _asker = run.Account.Id;
    private ReadOnlySpan<byte> _rest = run.Bytes;

    /// <summary>Where the answer to the request has to go.</summary>
    public ReplyAddress Current { get; private set; }

    public readonly RequestEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.Length > 0)
        {
            var frame = _rest;
            var head = FrameCut.Head(frame, limits);
            _rest = frame[head.Length..];
            if (head.ReplyLength <= _inbox.Length || !frame.Slice(head.ReplyStart, _inbox.Length).SequenceEqual(_inbox)) continue;
            Current = new ReplyAddress(_asker, frame.Slice(head.ReplyStart + _inbox.Length, head.ReplyLength - _inbox.Length));
            return true;
        }

        return false;
    }
}
