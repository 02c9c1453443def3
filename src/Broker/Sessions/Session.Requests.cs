using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>What the client asks the broker itself. The session takes the requests apart and sends the answers; others know them.</summary>
internal sealed partial class Session
{
    private List<BrokerRequest>? _requests;

    /// <summary>What the client has asked since the last call, in order; each wants one <see cref="Answer(BrokerAnswer)"/>.</summary>
    internal IReadOnlyList<BrokerRequest> TakeRequests()
    {
        IReadOnlyList<BrokerRequest> requests = _requests ?? [];
        _requests = null;
        return requests;
    }

    /// <summary>Sends the answer to a request that was taken.</summary>
    internal void Answer(BrokerAnswer answer) => outbox.Send(answer.Encode());

    // The router has checked subject and reply.
    private void Ask(ReadOnlySpan<byte> frame)
    {
        FrameScanner.Scan(frame, context.Limits, out var head);
        (_requests ??= []).Add(new BrokerRequest(
            Encoding.UTF8.GetString(frame.Slice(head.SubjectStart + ReservedSubjects.Broker.Length, head.SubjectLength - ReservedSubjects.Broker.Length)),
            frame.Slice(head.ReplyStart, head.ReplyLength).ToArray(),
            frame.Slice(head.PayloadStart, head.PayloadLength).ToArray()));
    }
}
