using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// The subscriptions to one pattern, in the order in which they came; immutable. Up to a few hundred are one array. More are several
/// arrays, the pieces: a change copies one piece and the list of pieces. With a single array, a user with the most subscriptions allowed,
/// all to one pattern, would have the router copy hundreds of gigabytes.
/// </summary>
/// <remarks>A subscription is only in one list and in those made from it by changes, so its place is a field of the subscription.</remarks>
internal readonly struct SubscriptionList
{
    /// <summary>The most subscriptions of one piece.</summary>
    internal const int LargestPiece = 256;

    /// <summary>
    /// Two neighbours with no more than this many together become one piece, so that few subscriptions are not in many pieces.
    /// </summary>
    private const int LargestMerged = LargestPiece / 2;

    // Null for none, a Subscription[], which is not empty, or a Subscription[][] of at least two such pieces.
    private readonly object? _root;

    private SubscriptionList(object? root) => _root = root;

    /// <summary>One subscription.</summary>
    internal SubscriptionList(Subscription only) => _root = new[] { only };

    internal bool IsEmpty => _root is null;

    /// <summary>The first that came, of at least one.</summary>
    internal Subscription First => PieceAt(0)[0];

    /// <summary>The only one; null when there are more or none.</summary>
    internal Subscription? Only => _root is Subscription[] { Length: 1 } one ? one[0] : null;

    /// <summary>How many arrays it consists of.</summary>
    internal int Pieces => _root is Subscription[][] pieces ? pieces.Length : _root is null ? 0 : 1;

    /// <summary>Whether both are the same arrays, so that nothing has changed between them.</summary>
    internal bool IsSame(SubscriptionList other) => ReferenceEquals(_root, other._root);

    /// <summary>Adds all of them.</summary>
    internal void AddTo(List<Subscription> matches)
    {
        if (_root is Subscription[] few) matches.AddRange(few.AsSpan());
        else if (_root is Subscription[][] pieces)
        {
            foreach (var piece in pieces) matches.AddRange(piece.AsSpan());
        }
    }

    /// <summary>The list with one more at its end.</summary>
    internal SubscriptionList With(Subscription subscription)
    {
        if (_root is null)
        {
            subscription.Place = 0;
            return new(subscription);
        }

        var last = PieceAt(Pieces - 1);
        subscription.Place = last[^1].Place + 1;
        if (last.Length < LargestPiece) return Replaced(Pieces - 1, 1, [.. last, subscription]);
        return new(_root is Subscription[][] pieces ? [.. pieces, [subscription]] : new Subscription[][] { last, [subscription] });
    }

    /// <summary>The list without the subscription; the same when that is not in it.</summary>
    internal SubscriptionList Without(Subscription subscription)
    {
        if (_root is null) return this;
        var index = IndexOfPiece(subscription.Place);
        var piece = PieceAt(index);
        var at = Array.IndexOf(piece, subscription);
        if (at < 0) return this;
        if (piece.Length == 1) return Replaced(index, 1);
        Subscription[] rest = [.. piece.AsSpan(0, at), .. piece.AsSpan(at + 1)];
        if (index > 0 && PieceAt(index - 1) is var before && before.Length + rest.Length <= LargestMerged) return Replaced(index - 1, 2, [.. before, .. rest]);
        if (index + 1 < Pieces && PieceAt(index + 1) is var after && rest.Length + after.Length <= LargestMerged) return Replaced(index, 2, [.. rest, .. after]);
        return Replaced(index, 1, rest);
    }

    private Subscription[] PieceAt(int index) => _root is Subscription[][] pieces ? pieces[index] : (Subscription[])_root!;

    // The last piece that begins at this place or before it, by bisection.
    private int IndexOfPiece(long place)
    {
        var (low, high) = (0, Pieces - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (PieceAt(middle)[0].Place <= place) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    // The list in which other pieces, or none, replace the pieces from this index on.
    private SubscriptionList Replaced(int index, int count, params ReadOnlySpan<Subscription[]> others)
    {
        if (_root is not Subscription[][] pieces) return new(others.IsEmpty ? null : others[0]);
        Subscription[][] changed = [.. pieces.AsSpan(0, index), .. others, .. pieces.AsSpan(index + count)];
        return new(changed.Length == 1 ? changed[0] : changed);
    }
}
