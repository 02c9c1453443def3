using UdsBroker.Broker.Access;
using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// Routes the content of datagrams: each holds one or more whole PUBLISH frames and nothing else. A datagram with any error in it is
/// dropped as a whole, since its sender cannot be told which part was accepted. It never waits for a subscriber.
/// </summary>
/// <remarks>Plain C#, not thread-safe: each listener has its own.</remarks>
internal sealed class DatagramRouter(RunPublisher publisher, KeptMessages kept, Limits limits)
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
            if (part.HasDirectives) publisher.RouteWithDirectives(run, kept);
            else account.Routed(part.Count, publisher.Route(run));
        }

        account.CountInTraffic(length);
        return null;
    }

    /// <summary>Sends what was routed since the last call.</summary>
    internal void Flush() => publisher.Flush();

    // Splits the datagram into runs of one subject, and checks each subject once.
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
            if (result != ScanResult.Done) return head.Describe(limits);
            if (head.Kind != FrameKind.Publish) return $"it holds a {head.Kind.ToText()}; only PUBLISH goes by datagram";
            var subject = rest.Slice(head.SubjectStart, head.SubjectLength);
            if (FindProblemOfSubject(subject, access) is { } problem) return problem;
            int length = head.Length, count = 1;
            FrameScanner.ExtendRun(rest, head, limits, ref length, ref count, out FrameParts parts);
            if ((parts & FrameParts.Headers) == 0) _parts.Add(new Part(at, length, (uint)count, HasDirectives: false));
            else if (FindProblemOfHeaders(datagram.Slice(at, length), at) is { } wrong) return wrong;
            at += length;
        }

        return null;
    }

    // A run of which some messages may have headers that ask for more than to be routed, which is done one by one.
    private string? FindProblemOfHeaders(ReadOnlySpan<byte> run, int start)
    {
        for (var at = 0; at < run.Length;)
        {
            var head = FrameCut.Head(run[at..], limits);
            if (!Directives.TryRead(run.Slice(at + head.HeadersStart, head.HeadersLength), out var directives, out var problem)) return problem;
            problem = directives.IsNone ? null : kept.FindProblem(directives, run.Slice(at + head.SubjectStart, head.SubjectLength));
            if (problem is not null) return problem;
            _parts.Add(new Part(start + at, head.Length, 1, !directives.IsNone));
            at += head.Length;
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

    private readonly record struct Part(int Start, int Length, uint Count, bool HasDirectives);
}
