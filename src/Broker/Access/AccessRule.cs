using UdsBroker.Protocol;

namespace UdsBroker.Broker.Access;

/// <summary>One rule: whether these peers may do these things with these subjects.</summary>
/// <param name="Number">Its place in the settings, from 1: the first rule that matches decides.</param>
/// <param name="IsAllow">Whether it allows or denies.</param>
/// <param name="Verbs">The verbs it applies to.</param>
/// <param name="Who">The peers it applies to.</param>
/// <param name="Subjects">
/// The subjects it applies to, as patterns of which one has to match; null for all subjects. Ignored for connecting.
/// </param>
/// <param name="Text">The rule as it is shown to people.</param>
internal sealed record AccessRule(
    int Number, bool IsAllow, AccessVerbs Verbs, AccessWho Who, IReadOnlyList<SubjectPattern>? Subjects, string Text)
{
    /// <summary>Whether it applies to the peer; when that is unknown, a deny rule does and an allow rule does not.</summary>
    internal bool AppliesTo(AccessPeer peer) => Who.Includes(peer) >= (IsAllow ? Certainty.Yes : Certainty.Unknown);

    /// <summary>Whether it applies to the subject, which may hold <see cref="SubjectShape.AnyToken"/>.</summary>
    internal bool Covers(ReadOnlySpan<byte> subject)
    {
        if (Subjects is null) return true;
        for (var i = 0; i < Subjects.Count; i++) // an enumerator would be garbage for each rule
        {
            if (Subjects[i].Matches(subject)) return true;
        }

        return false;
    }
}
