using System.Numerics;

namespace UdsBroker.Broker.Routing;

/// <summary>
/// An immutable map from tokens to values: a hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001) of 32 ways. A change
/// copies one path of a few small arrays, so a snapshot of a million patterns differs from its predecessor by some hundred bytes.
/// </summary>
/// <remarks>
/// A branch holds, in the order of its bitmap, either a value (<see cref="Leaf"/>), a branch below it, or, where whole hashes
/// collide, at the deepest level an array of leaves. It stays there when all around it goes: higher up it would meet other hashes.
/// </remarks>
internal sealed class TokenMap<TValue>
    where TValue : class
{
    private const int BitsPerLevel = 5;
    private const int HashBits = 32;

    internal static readonly TokenMap<TValue> Empty = new(new Branch(0, []), 0);

    private readonly Branch _root;

    private TokenMap(Branch root, int count)
    {
        _root = root;
        Count = count;
    }

    internal int Count { get; }

    /// <summary>All values, in no order.</summary>
    internal IEnumerable<TValue> Values => ValuesBelow(_root);

    internal TValue? Find(uint hash, ReadOnlySpan<byte> token)
    {
        var branch = _root;
        for (var shift = 0; ; shift += BitsPerLevel)
        {
            var bit = Bit(hash, shift);
            if ((branch.Bitmap & bit) == 0) return null;
            switch (branch.Items[Index(branch.Bitmap, bit)])
            {
                case Leaf leaf:
                    return leaf.Hash == hash && token.SequenceEqual(leaf.Token.Span) ? leaf.Value : null;
                case Branch below:
                    branch = below;
                    break;
                case Leaf[] colliding:
                    foreach (var leaf in colliding)
                    {
                        if (leaf.Hash == hash && token.SequenceEqual(leaf.Token.Span)) return leaf.Value;
                    }

                    return null;
            }
        }
    }

    /// <summary>The map with that value for the token, whose bytes it keeps, instead of the one it had.</summary>
    internal TokenMap<TValue> With(uint hash, ReadOnlyMemory<byte> token, TValue value)
    {
        var isNew = Find(hash, token.Span) is null;
        return new TokenMap<TValue>(With(_root, new Leaf(hash, token, value), 0), isNew ? Count + 1 : Count);
    }

    /// <summary>The map without the token.</summary>
    internal TokenMap<TValue> Without(uint hash, ReadOnlySpan<byte> token)
    {
        if (Find(hash, token) is null) return this;
        return Count == 1 ? Empty : new TokenMap<TValue>(Without(_root, hash, token, 0), Count - 1);
    }

    private static IEnumerable<TValue> ValuesBelow(Branch branch) => branch.Items.SelectMany(item => item switch
    {
        Leaf leaf => [leaf.Value],
        Branch below => ValuesBelow(below),
        Leaf[] colliding => colliding.Select(leaf => leaf.Value),
        _ => throw new InvalidOperationException("A branch holds leaves and branches only."),
    });

    private static Branch With(Branch branch, Leaf leaf, int shift)
    {
        var bit = Bit(leaf.Hash, shift);
        var index = Index(branch.Bitmap, bit);
        if ((branch.Bitmap & bit) == 0)
        {
            var items = new object[branch.Items.Length + 1];
            Array.Copy(branch.Items, items, index);
            items[index] = leaf;
            Array.Copy(branch.Items, index, items, index + 1, branch.Items.Length - index);
            return new Branch(branch.Bitmap | bit, items);
        }

        object item = branch.Items[index] switch
        {
            Branch below => With(below, leaf, shift + BitsPerLevel),
            Leaf other => other.IsSameToken(leaf) ? leaf : Split(other, leaf, shift + BitsPerLevel),
            Leaf[] colliding => colliding.Where(old => !old.IsSameToken(leaf)).Append(leaf).ToArray(),
            _ => throw new InvalidOperationException("A branch holds leaves and branches only."),
        };
        return branch.Replace(index, item);
    }

    private static object Split(Leaf one, Leaf other, int shift)
    {
        if (shift >= HashBits) return new[] { one, other };
        var (first, second) = (Bit(one.Hash, shift), Bit(other.Hash, shift));
        if (first == second) return new Branch(first, [Split(one, other, shift + BitsPerLevel)]);
        return new Branch(first | second, first < second ? [one, other] : [other, one]);
    }

    private static Branch Without(Branch branch, uint hash, ReadOnlySpan<byte> token, int shift)
    {
        var bit = Bit(hash, shift);
        var index = Index(branch.Bitmap, bit);
        switch (branch.Items[index])
        {
            case Branch below:
                var smaller = Without(below, hash, token, shift + BitsPerLevel);
                if (smaller.Items.Length == 0) return branch.Remove(bit, index);
                return branch.Replace(index, smaller.Items is [Leaf only] ? only : smaller);
            case Leaf[] colliding:
                var left = new List<Leaf>(colliding.Length);
                foreach (var leaf in colliding)
                {
                    if (!token.SequenceEqual(leaf.Token.Span)) left.Add(leaf);
                }

                return branch.Replace(index, left.Count == 1 ? left[0] : left.ToArray());
            default:
                return branch.Remove(bit, index);
        }
    }

    private static uint Bit(uint hash, int shift) => 1u << (int)((hash >> shift) & 31);

    private static int Index(uint bitmap, uint bit) => BitOperations.PopCount(bitmap & (bit - 1));

    private sealed record Leaf(uint Hash, ReadOnlyMemory<byte> Token, TValue Value)
    {
        internal bool IsSameToken(Leaf other) => Hash == other.Hash && Token.Span.SequenceEqual(other.Token.Span);
    }

    private sealed record Branch(uint Bitmap, object[] Items)
    {
        internal Branch Replace(int index, object item)
        {
            var items = (object[])Items.Clone();
            items[index] = item;
            return this with { Items = items };
        }

        internal Branch Remove(uint bit, int index)
        {
            var items = new object[Items.Length - 1];
            Array.Copy(Items, items, index);
            Array.Copy(Items, index + 1, items, index, items.Length - index);
            return new Branch(Bitmap & ~bit, items);
        }
    }
}
