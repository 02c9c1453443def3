using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Sessions;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Routes what is in datagrams: each holds one or more whole PUBLISH frames and nothing else. A datagram with anything wrong in it is dropped as a
/// whole, since nobody can be told where it was cut. Nobody waits: a datagram is never held up by a subscriber.
/// </summary>
/// <remarks>Plain C#, not thread-safe: each listener has its own.</remarks>
internal sealed class DatagramRouter(RunPublisher publisher, DirectedMessages directed, Limits limits)
{
    private readonly List<Part> _parts = [];

    /// <summary>Routes one datagram; it is sent by <see cref="Flush"/>, which has to follow.</summary>
    /// <param name="slab">Where it lies.</param>
    /// <param name="start">Its first byte there.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="account">Its sender.</param>
    /// <returns>What is wrong with it, in which case nothing of it was routed; null when it is in order.</returns>
    internal string? Route(Slab slab, int start, int length, PublisherAccount account)
    {
        if (FindProblem(slab.Bytes.AsSpan(start, length), account.Access) is { } problem) return problem;
        foreach (var part in _parts)
        {
            var run = new Run(slab, start + part.Start, part.Length, part.Count, account);
            if (part.IsDirected) publisher.RouteDirected(run, directed);
            else account.Routed(part.Count, publisher.Route(run));
        }

        account.Settle(length);
        return null;
    }

    /// <summary>Sends what was routed since the last call.</summary>
    internal void Flush() => publisher.Flush();

    // Takes the datagram apart into runs of one subject, and looks at each subject once.
    private string? FindProblem(ReadOnlySpan<byte> datagram, PeerAccess access)
    {
        _parts.Clear();
        if (access.Rules.Connect is { IsAllowed: false } denial) return access.Deny(AccessVerbs.Connect, [], denial);
        if (datagram.IsEmpty) return "it is empty";
        for (var at = 0; at < datagram.Length;)
        {
            var rest = datagram[at..];
            var result = FrameScanner.Scan(rest, limits, out var head);
            if (result == ScanResult.NeedMore) return "it ends within a frame";
            if (result != ScanResult.Done) return head.Violation.Describe(limits);
            if (head.Kind != FrameKind.Publish) return $"it holds a {head.Kind.ToString().ToUpperInvariant()}; only PUBLISH goes by datagram";
            var subject = rest.Slice(head.SubjectStart, head.SubjectLength);
            if (FindProblemOfSubject(subject, access) is { } problem) return problem;
            int length = head.Length, count = 1;
            FrameScanner.ExtendRun(rest, head, limits, ref length, ref count, out FrameParts parts);
            _parts.Add(new Part(at, length, (uint)count, (parts & FrameParts.Headers) != 0 && Directives.MayBeIn(rest[..length])));
            at += length;
        }

        return null;
    }

    private string? FindProblemOfSubject(ReadOnlySpan<byte> subject, PeerAccess access)
    {
        var fault = Subject.Validate(subject, limits);
        if (fault != SubjectFault.None) return fault.Describe(subject, limits);
        if (ReservedSubjects.IsSystem(subject)) return "subjects below $SYS. are published by the broker alone";
        if (ReservedSubjects.IsBroker(subject)) return "the broker is asked over a connection, which the answer needs";
        var decision = access.Rules.Publish(subject);
        return decision.IsAllowed ? null : access.Deny(AccessVerbs.Publish, subject, decision);
    }

    private readonly record struct Part(int Start, int Length, uint Count, bool IsDirected);
}
