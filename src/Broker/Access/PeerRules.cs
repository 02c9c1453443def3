using System.Collections.Concurrent;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Broker.Access;

/// <summary>
/// The rules that apply to one peer (and all equal ones), in order, for each verb. The decisions are pure functions; those about patterns
/// are cached, since many connections subscribe to the same few. Thread-safe.
/// </summary>
/// <remarks>
/// <para>A subscription is allowed when the peer may get every subject that its pattern matches, so that a denied subject cannot come
/// through a wildcard, and no delivery has to be checked.</para>
/// <para>That is decided exactly. Because there are always tokens that no rule names, a pattern, cut to subjects of one length, lies
/// within a union of other patterns only if it lies within one of them; and it lies within one exactly if that one matches the subject that
/// has <see cref="SubjectShape.AnyToken"/> for every wildcard. So the whole pattern, and what it has in common with each pattern of a deny
/// rule, are asked for by one such subject for each length. Lengths beyond the longest pattern behave alike.</para>
/// </remarks>
internal sealed class PeerRules
{
    /// <summary>The most cached decisions: each is as large as its pattern, and peers choose the patterns.</summary>
    private const int MaxCached = 256;

    private readonly ConcurrentDictionary<string, AccessDecision> _decisions = new(StringComparer.Ordinal);
    private readonly AccessRule[] _publish;
    private readonly AccessRule[] _subscribe;
    private readonly SubjectShape[] _denied;
    private readonly int _lengths;

    internal PeerRules(AccessPolicy policy, AccessPeer peer)
    {
        Policy = policy;
        Peer = peer;
        var rules = policy.Rules.Where(rule => rule.AppliesTo(peer)).ToArray();
        var connect = rules.FirstOrDefault(rule => rule.Verbs.HasFlag(AccessVerbs.Connect));
        Connect = connect is null ? Otherwise : By(connect);
        _publish = [.. rules.Where(rule => rule.Verbs.HasFlag(AccessVerbs.Publish))];
        _subscribe = [.. rules.Where(rule => rule.Verbs.HasFlag(AccessVerbs.Subscribe))];
        var patterns = _subscribe.SelectMany(rule => rule.Subjects ?? []).ToArray();
        _denied = [.. _subscribe.Where(rule => !rule.IsAllow).SelectMany(rule => rule.Subjects ?? []).Select(pattern => SubjectShape.Of(pattern.Utf8))];
        _lengths = patterns.Select(pattern => SubjectShape.Of(pattern.Utf8).MinTokens).DefaultIfEmpty(0).Max() + 1;
    }

    /// <summary>The rules they are taken from.</summary>
    internal AccessPolicy Policy { get; }

    /// <summary>The peer that they apply to.</summary>
    internal AccessPeer Peer { get; }

    /// <summary>Whether the peer may have a connection.</summary>
    internal AccessDecision Connect { get; }

    private AccessDecision Otherwise => new(Policy.AllowsOtherwise(Peer), AccessGround.Default);

    /// <summary>
    /// Whether the peer may publish to a valid subject. Inboxes are open to everybody who is connected, so that whoever knows an identity
    /// can answer.
    /// </summary>
    internal AccessDecision Publish(ReadOnlySpan<byte> subject)
    {
        if (ReservedSubjects.IsInbox(subject)) return new AccessDecision(true, AccessGround.Reserved);
        if (ReservedSubjects.IsSystem(subject)) return new AccessDecision(false, AccessGround.Reserved);
        if (ReservedSubjects.IsBroker(subject)) return new AccessDecision(Policy.MayAsk(subject[ReservedSubjects.Broker.Length..], Peer.Uid), AccessGround.Reserved);
        return Decide(_publish, subject);
    }

    /// <summary>
    /// Whether the peer may receive everything that a valid pattern matches. Inboxes belong to their owners, which the session checks.
    /// Whoever may publish to a subject may also ask whether it has subscribers.
    /// </summary>
    internal AccessDecision Subscribe(ReadOnlyMemory<byte> pattern)
    {
        if (ReservedSubjects.IsInbox(pattern.Span) || ReservedSubjects.IsBroker(pattern.Span)) return new AccessDecision(false, AccessGround.Reserved);
        if (pattern.Span.StartsWith(ReservedSubjects.Interest) && !pattern.Span.ContainsAny((byte)'*', (byte)'>')
            && Publish(pattern.Span[ReservedSubjects.Interest.Length..]) is { IsAllowed: true } decision) return decision;
        var name = Encoding.Latin1.GetString(pattern.Span); // one character for each byte, so that no two patterns are the same
        if (_decisions.TryGetValue(name, out var cached)) return cached;
        if (_decisions.Count >= MaxCached) _decisions.Clear();
        return _decisions[name] = DecideAll(pattern);
    }

    private AccessDecision DecideAll(ReadOnlyMemory<byte> pattern)
    {
        if (!SubjectPattern.TryParse(pattern.Span, out var asked, out var fault, Limits.Ceiling)) throw new ArgumentException($"not a pattern: {fault}", nameof(pattern));
        var shape = SubjectShape.Of(asked.Utf8);
        var whole = Check(asked, shape, isWhole: true);
        if (!whole.IsAllowed) return whole;
        foreach (var denied in _denied)
        {
            if (shape.Intersect(denied) is { } common && Check(asked, common, isWhole: false) is { IsAllowed: false } part) return part;
        }

        return whole;
    }

    // The first refusal among the lengths of the shape, a part of what was asked; else the decision about the shortest.
    private AccessDecision Check(in SubjectPattern asked, SubjectShape shape, bool isWhole)
    {
        AccessDecision? first = null;
        var longest = Math.Min(shape.MaxTokens, Math.Max(shape.MinTokens, _lengths));
        for (var tokens = shape.MinTokens; tokens <= longest; tokens++)
        {
            var subject = shape.Representative(tokens);
            if (!asked.Matches(subject)) continue; // hidden from the first wildcard
            var decision = Decide(_subscribe, subject);
            if (!decision.IsAllowed) return isWhole && first is null ? decision : decision with { Witness = Describe(subject) };
            first ??= decision;
        }

        return first ?? new AccessDecision(true, AccessGround.Default);
    }

    private AccessDecision Decide(AccessRule[] rules, ReadOnlySpan<byte> subject)
    {
        foreach (var rule in rules)
        {
            if (rule.Covers(subject)) return By(rule);
        }

        return Otherwise;
    }

    private static AccessDecision By(AccessRule rule) => new(rule.IsAllow, AccessGround.Rule, rule);

    private static string Describe(byte[] subject) => Encoding.UTF8.GetString(subject).Replace((char)SubjectShape.AnyToken, '*');
}
