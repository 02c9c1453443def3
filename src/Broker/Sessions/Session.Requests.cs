using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The client's requests to the broker itself. The session decodes the requests and sends the answers; the system actor finds them.
/// </summary>
internal sealed partial class Session
{
    private List<BrokerRequest>? _requests;

    /// <summary>The requests since the last call, in order; each needs one <see cref="Answer(BrokerAnswer)"/>.</summary>
    internal IReadOnlyList<BrokerRequest> TakeRequests()
    {
        IReadOnlyList<BrokerRequest> requests = _requests ?? [];
        _requests = null;
        return requests;
    }

    /// <summary>Sends the answer to a request that was taken.</summary>
    internal void Answer(BrokerAnswer answer) => outbox.Send(answer.Encode(context.Limits, outbox.LargestMessage));

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
