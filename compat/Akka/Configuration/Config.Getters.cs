using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <content>
/// Reading by path. A path is keys joined by dots; a key that holds dots itself is quoted: <c>a."b.c".d</c>. A missing path answers the
/// default of the getter, never an exception (lists of numbers excepted), so a setting that must be there is asked for with <see cref="HasPath"/>.
/// </content>
public partial class Config
{
    /// <summary>Whether the path leads to a value, be it an empty one.</summary>
    public virtual bool HasPath(string path) => Find(path) != null;

    /// <summary>The value at the path, or null.</summary>
    public HoconValue GetValue(string path) => Find(path);

    /// <summary>The section below the path as a configuration of its own, or null.</summary>
    public virtual Config GetConfig(string path)
    {
        var value = Find(path);
        var section = value == null ? null : new Config(new HoconRoot(value));
        var lower = Fallback?.GetConfig(path);
        return section == null ? lower : section.WithFallback(lower);
    }

    /// <summary>Exactly <c>on</c>, <c>true</c>, <c>off</c> or <c>false</c>.</summary>
    /// <exception cref="NotSupportedException">The value is anything else.</exception>
    public virtual bool GetBoolean(string path, bool @default = false) => Find(path)?.GetBoolean() ?? @default;

    /// <summary>A number of bytes, see <see cref="HoconValue.GetByteSize"/>; null if the path is missing.</summary>
    public virtual long? GetByteSize(string path) => Find(path)?.GetByteSize();

    /// <summary>A number of bytes, see <see cref="HoconValue.GetByteSize"/>.</summary>
    public virtual long? GetByteSize(string path, long? def = null)
        => Find(path) is { } value ? value.GetByteSize() : def;

    /// <summary>A time, see <see cref="HoconValue.GetTimeSpan"/>; zero if the path is missing and no default is given.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true)
        => Find(path)?.GetTimeSpan(allowInfinite) ?? @default.GetValueOrDefault();

    /// <summary>The text at the path, trimmed; null where the value is <c>null</c>, an object or an array.</summary>
    public virtual string GetString(string path, string @default = null)
        => Find(path) is { } value ? value.GetString() : @default;

    /// <summary>A int in invariant notation.</summary>
    public virtual int GetInt(string path, int @default = 0) => Find(path)?.GetInt() ?? @default;

    /// <summary>A long in invariant notation.</summary>
    public virtual long GetLong(string path, long @default = 0) => Find(path)?.GetLong() ?? @default;

    /// <summary>A float in invariant notation.</summary>
    public virtual float GetFloat(string path, float @default = 0) => Find(path)?.GetFloat() ?? @default;

    /// <summary>A decimal in invariant notation.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Find(path)?.GetDecimal() ?? @default;

    /// <summary>A double in invariant notation.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Find(path)?.GetDouble() ?? @default;

    /// <summary>The texts of an array; an empty list if the path is missing.</summary>
    public virtual IList<string> GetStringList(string path) => Find(path)?.GetStringList() ?? new List<string>();

    /// <summary>The texts of an array.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => Find(path)?.GetStringList() ?? defaultPaths;

    /// <summary>The elements of an array, each read as bool.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<bool> GetBooleanList(string path) => Find(path).GetBooleanList();

    /// <summary>The elements of an array, each read as decimal.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<decimal> GetDecimalList(string path) => Find(path).GetDecimalList();

    /// <summary>The elements of an array, each read as float.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<float> GetFloatList(string path) => Find(path).GetFloatList();

    /// <summary>The elements of an array, each read as double.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<double> GetDoubleList(string path) => Find(path).GetDoubleList();

    /// <summary>The elements of an array, each read as int.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<int> GetIntList(string path) => Find(path).GetIntList();

    /// <summary>The elements of an array, each read as long.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<long> GetLongList(string path) => Find(path).GetLongList();

    /// <summary>The elements of an array, each read as byte.</summary>
    /// <exception cref="NullReferenceException">The path is missing.</exception>
    public virtual IList<byte> GetByteList(string path) => Find(path).GetByteList();

    private HoconValue Find(string path)
    {
        var node = Root ?? throw new InvalidOperationException("This configuration has no tree to look into");
        foreach (var key in HoconPath.Split(path))
        {
            node = node.GetChildObject(key);
            if (node == null)
                return null;
        }

        return node;
    }
}
