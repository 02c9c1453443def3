namespace UdsBroker.Client;

// A client whose address begins with unix-dgram: has no session. It publishes, and that is all: what needs an answer throws.
public sealed partial class UdsBrokerClient
{
    private readonly DatagramPublisher? _datagrams;

    /// <summary>
    /// Whether this client sends datagrams (<c>unix-dgram:</c>): it can publish and nothing else, never waits, and drops what it cannot send. What
    /// needs an answer of the broker throws <see cref="NotSupportedException"/>.
    /// </summary>
    public bool IsPublishOnly => _datagrams is not null;

    /// <summary>
    /// Messages that this client dropped because the broker was away, or because the kernel's queue to it and one datagram behind it were
    /// full. Always 0 for other clients. Losses behind the socket are not known here.
    /// </summary>
    public long DroppedPublishes => _datagrams?.Dropped ?? 0;

    private void RequireSession()
    {
        if (_datagrams is not null)
            throw new NotSupportedException("A client of unix-dgram: only publishes; for anything that has an answer use unix: or unix-seqpacket:.");
    }

    private void PublishDatagram(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, IReadOnlyDictionary<string, string>? headers, string? reply)
    {
        Span<byte> room = stackalloc byte[reply is null ? 0 : System.Text.Encoding.UTF8.GetMaxByteCount(Math.Min(reply.Length, MaxReplyCharacters))];
        _datagrams!.Publish(subject, EncodeReply(reply, room), EncodeHeaders(headers), payload);
    }

    private async Task CloseDatagramsAsync(DatagramPublisher datagrams)
    {
        try
        {
            if (_options.DrainTimeout > TimeSpan.Zero) await datagrams.WhenIdle().WaitAsync(_options.DrainTimeout, _options.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The broker does not read.
        }

        datagrams.Dispose();
        await datagrams.WhenIdle().ConfigureAwait(false);
    }
}
