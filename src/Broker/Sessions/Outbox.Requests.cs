using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The requests among what this connection was given. They are entered with their admission, under the same lock, so that a connection that
/// ends has either refused a request or is known to have it.
/// </summary>
internal sealed partial class Outbox
{
    private readonly OpenRequests _requests = new(limits.MaxOpenRequests);

    /// <summary>The connection published to a subject in the inbox of another: if it was asked to, it has answered.</summary>
    internal void Answered(ReadOnlySpan<byte> subject)
    {
        if (_requests.Count == 0 || !ReservedSubjects.TryReadInbox(subject, out var asker)) return;
        var address = new ReplyAddress(asker, subject[ReservedSubjects.InboxPrefixLength..]);
        lock (_lock) _requests.Answer(address);
    }

    /// <summary>What the connection was asked and has not answered; from now on it is not remembered.</summary>
    internal List<(ReplyAddress Address, RequestMark Mark)> TakeRequests()
    {
        lock (_lock) return _requests.TakeAll();
    }

    // Only a message whose reply is in its sender's own inbox is a request: nobody else can be told.
    private void Remember(in Run run, RequestMark mark)
    {
        var inbox = run.Account.InboxPrefix;
        for (var bytes = run.Bytes; bytes.Length > 0;)
        {
            var head = FrameCut.Head(bytes, limits.Wire);
            if (head.ReplyLength > inbox.Length && bytes.Slice(head.ReplyStart, inbox.Length).SequenceEqual(inbox))
                _requests.Add(new ReplyAddress(run.Account.Id, bytes.Slice(head.ReplyStart + inbox.Length, head.ReplyLength - inbox.Length)), mark);
            bytes = bytes[head.Length..];
        }
    }
}
