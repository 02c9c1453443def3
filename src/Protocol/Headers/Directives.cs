using System.Diagnostics.CodeAnalysis;

namespace UdsBroker.Protocol;

/// <summary>
/// What the headers of a message ask the broker to do besides routing it. PROTOCOL.md, "Headers".
/// <code>
/// Udsb-Retain  = "1"
/// Udsb-Expires = 1*18 digit       milliseconds
/// Udsb-Delay   = 1*18 digit       milliseconds
/// </code>
/// </summary>
/// <param name="Retain">Keep it as the last message of its subject.</param>
/// <param name="Expires">Drop it wherever it still waits after this many milliseconds; null means never.</param>
/// <param name="Delay">Route it after this many milliseconds; null means at once.</param>
public readonly record struct Directives(bool Retain, long? Expires, long? Delay)
{
    private const int MaxDigits = 18;

    /// <summary>True when the broker does no more than route.</summary>
    public bool IsNone => this == default;

    /// <summary>
    /// A quick check of the encoded headers: false when they contain no header that the broker acts on. After true they have to be read.
    /// </summary>
    public static bool MayBeIn(ReadOnlySpan<byte> encodedHeaders) => encodedHeaders.IndexOf("Udsb-"u8) >= 0;

    /// <summary>Reads the headers that the broker acts on; the first of a name counts, all other headers are ignored.</summary>
    /// <param name="encodedHeaders">The map as scanned; no bytes are no headers.</param>
    /// <param name="directives">What they ask for.</param>
    /// <param name="problem">Which value cannot be read, in a sentence for people.</param>
    public static bool TryRead(ReadOnlySpan<byte> encodedHeaders, out Directives directives, [NotNullWhen(false)] out string? problem)
    {
        bool? retain = null;
        long? expires = null, delay = null;
        directives = default;
        HeaderEnumerator headers = new(encodedHeaders);
        while (headers.MoveNext())
        {
            if (retain is null && headers.Name.SequenceEqual("Udsb-Retain"u8))
            {
                if (!headers.Value.SequenceEqual("1"u8))
                    return Refuse(KnownHeaders.Retain, "1", out problem);
                retain = true;
            }
            else if (expires is null && headers.Name.SequenceEqual("Udsb-Expires"u8))
            {
                if ((expires = Milliseconds(headers.Value)) is null)
                    return Refuse(KnownHeaders.Expires, "milliseconds in decimal digits", out problem);
            }
            else if (delay is null && headers.Name.SequenceEqual("Udsb-Delay"u8) && (delay = Milliseconds(headers.Value)) is null)
            {
                return Refuse(KnownHeaders.Delay, "milliseconds in decimal digits", out problem);
            }
        }

        directives = new Directives(retain ?? false, expires, delay);
        problem = null;
        return true;
    }

    private static long? Milliseconds(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is 0 or > MaxDigits)
            return null;
        long number = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return null;
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    private static bool Refuse(string name, string allowed, out string problem)
    {
        problem = $"the value of the header {name} must be {allowed}";
        return false;
    }
}
