using System.Globalization;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Sessions;

/// <summary>
/// The broker's own answer to a request below <c>_BROKER.</c>: a JSON payload, or an error in the same headers that services of the client
/// libraries use. The codes are those of HTTP.
/// </summary>
/// <param name="Reply">Where to: the reply subject of the request.</param>
/// <param name="Payload">JSON in UTF-8; empty for an error.</param>
/// <param name="Code">0 for success.</param>
/// <param name="Error">A sentence for people; empty for success.</param>
internal sealed record BrokerAnswer(byte[] Reply, byte[] Payload, int Code, string Error)
{
    /// <summary>The arguments cannot be read.</summary>
    internal const int BadArguments = 400;

    /// <summary>Only operators may ask for this.</summary>
    internal const int NotPermitted = 403;

    /// <summary>There is no such operation, or nothing by the name that the arguments give.</summary>
    internal const int NotFound = 404;

    /// <summary>The broker has a fault.</summary>
    internal const int Fault = 500;

    internal static BrokerAnswer Done(BrokerRequest request, byte[] json) => new(request.Reply, json, 0, "");

    internal static BrokerAnswer Failed(BrokerRequest request, int code, string error) => new(request.Reply, [], code, error);

    /// <summary>
    /// The frames for the connection that asked: a DELIVER from the broker to its inbox, and the message. One that it would not take, and
    /// close the connection instead, becomes an error, and a sentence that it would not take is left out.
    /// </summary>
    /// <param name="limits">What clients hold the broker to.</param>
    /// <param name="largest">The most bytes of the message's frame on this connection.</param>
    internal byte[] Encode(Limits limits, int largest)
    {
        var frames = Encode(hasCode: limits.MaxHeaders > 1, out var start);
        if (frames.Length - start <= largest && FrameScanner.Scan(frames.AsSpan(start), limits, out _) == ScanResult.Done) return frames;
        var shorter = Code == 0
            ? this with { Payload = [], Code = Fault, Error = $"the answer has {Payload.Length} bytes, more than udsbroker.limits let through to this connection" }
            : this with { Error = "" };
        return shorter == this ? frames : shorter.Encode(limits, largest);
    }

    private byte[] Encode(bool hasCode, out int start)
    {
        KeyValuePair<string, string>[] error =
        [
            new(KnownHeaders.Error, Error),
            new(KnownHeaders.ErrorCode, Code.ToString(CultureInfo.InvariantCulture)),
        ];
        var headers = Code == 0 ? [] : HeaderCodec.Encode(hasCode ? error : error[..1]);
        Span<byte> deliver = stackalloc byte[FrameWriter.MaxDeliverHeader(1)];
        Span<byte> broker = stackalloc byte[16];
        broker.Clear();
        start = FrameWriter.WriteDeliver(deliver, [ReservedSubjects.InboxSid], broker, 1);
        var frames = new byte[start + FrameWriter.PublishOverhead(Reply.Length, -1, headers.Length, Payload.Length) + Payload.Length];
        deliver[..start].CopyTo(frames);
        FrameWriter.WritePublish(frames.AsSpan(start), Reply, default, headers, Payload);
        return frames;
    }
}
